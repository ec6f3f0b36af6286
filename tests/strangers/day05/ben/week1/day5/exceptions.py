"""What may go wrong in the bank."""


class BankingError(Exception):
    """Base class."""


class InvalidAmountError(BankingError):
    pass


class InsufficientFundsError(BankingError):
    pass


class AccountNotFoundError(BankingError):
    pass
