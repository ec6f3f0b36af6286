class Account:
    def __init__(self, owner: str, balance: float = 0) -> None:
        self.owner: str = owner
        self.__balance: float = balance
        self.transactions: list[str] = []

    @property
    def balance(self) -> float:
        return self.__balance

    def set_balance(self, amount: float) -> None:
        """Only for the classes in this file."""
        self.__balance = amount

    def deposit(self, amount: float) -> None:
        if amount <= 0:
            print("Amount must be more than 0")
            return
        self.__balance = self.__balance + amount
        self.transactions.append("Deposited " + str(amount))

    def withdraw(self, amount: float) -> None:
        if amount <= 0:
            print("Amount must be more than 0")
            return
        if amount > self.__balance:
            print("Not enough money!")
            return
        self.__balance = self.__balance - amount
        self.transactions.append("Withdrew " + str(amount))

    def show_history(self) -> None:
        for t in self.transactions:
            print(t)

    def __str__(self) -> str:
        return "Account of " + self.owner + " with balance " + str(self.__balance)

    def __repr__(self) -> str:
        return "Account('" + self.owner + "', " + str(self.__balance) + ")"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Account):
            if self.owner == other.owner and self.balance == other.balance:
                return True
        return False


class SavingsAccount(Account):
    def __init__(self, owner: str, balance: float = 0, interest: float = 5) -> None:
        super().__init__(owner, balance)
        self.interest: float = interest

    def add_interest(self) -> None:
        amount = self.balance * self.interest / 100
        self.deposit(amount)

    def __str__(self) -> str:
        return "Savings" + super().__str__()

    def __repr__(self) -> str:
        return "Savings" + super().__repr__()


class CheckingAccount(Account):
    def __init__(self, owner: str, balance: float = 0, fee: float = 0) -> None:
        super().__init__(owner, balance)
        self.fee: float = fee

    def withdraw(self, amount: float) -> None:
        if amount > 0 and self.fee > 0:
            super().withdraw(amount + self.fee)
        else:
            super().withdraw(amount)

    def __str__(self) -> str:
        return "Checking" + super().__str__()

    def __repr__(self) -> str:
        return "Checking" + super().__repr__()


class AccountManager:
    def __init__(self) -> None:
        self.accounts: list[Account] = []

    def add(self, account: Account) -> None:
        self.accounts.append(account)

    def remove(self, account: Account) -> None:
        if account in self.accounts:
            self.accounts.remove(account)

    def find(self, owner: str) -> Account | None:
        for account in self.accounts:
            if account.owner == owner:
                return account
        return None

    def transfer(self, a: Account, b: Account, amount: float) -> None:
        before = a.balance
        a.withdraw(amount)
        if a.balance != before:
            b.deposit(amount)

    def total(self) -> float:
        total: float = 0
        for account in self.accounts:
            total = total + account.balance
        return total
