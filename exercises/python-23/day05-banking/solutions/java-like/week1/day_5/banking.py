from abc import ABC, abstractmethod
from datetime import datetime
from enum import Enum
from typing import Any, Optional


class AccountType(Enum):
    SAVINGS = 1
    CHECKING = 2


class Customer:
    def __init__(self, name: str, email: Optional[str] = None) -> None:
        self.__name = name
        self.__email = email

    def getName(self) -> str:
        return self.__name

    def getEmail(self) -> Optional[str]:
        return self.__email


class Account(ABC):
    def __init__(self, accountNumber: int, customer: Customer, initialBalance: float) -> None:
        self.__accountNumber = accountNumber
        self.__customer = customer
        self.__balance = initialBalance
        self.__history: list[dict[str, Any]] = []
        self._addToHistory("OPEN", initialBalance)

    def getAccountNumber(self) -> int:
        return self.__accountNumber

    def getCustomer(self) -> Customer:
        return self.__customer

    @property
    def balance(self) -> float:
        return self.__balance

    def getBalance(self) -> float:
        return self.__balance

    def getTransactionHistory(self) -> list[dict[str, Any]]:
        return self.__history.copy()

    def _addToHistory(self, kind: str, amount: float) -> None:
        self.__history.append(
            {"type": kind, "amount": amount, "time": datetime.now().isoformat(), "balance": self.__balance}
        )

    def _setBalance(self, balance: float) -> None:
        self.__balance = balance

    @abstractmethod
    def getType(self) -> AccountType:
        raise NotImplementedError

    def deposit(self, amount: float) -> bool:
        if amount <= 0:
            return False
        self._setBalance(self.__balance + amount)
        self._addToHistory("DEPOSIT", amount)
        return True

    @abstractmethod
    def withdraw(self, amount: float) -> bool:
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.getType().name} #{self.__accountNumber} of {self.__customer.getName()}"

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} {self.__accountNumber} balance={self.__balance}>"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other is None or type(self) is not type(other) or not isinstance(other, Account):
            return False
        return self.getAccountNumber() == other.getAccountNumber() and self.getBalance() == other.getBalance()

    def __hash__(self) -> int:
        return hash(self.__accountNumber)


class SavingsAccount(Account):
    MINIMUM_BALANCE: float = 500.0

    def __init__(
        self, accountNumber: int, customer: Customer, initialBalance: float, interestRate: float
    ) -> None:
        if initialBalance < SavingsAccount.MINIMUM_BALANCE:
            raise ValueError("Initial balance is below the minimum balance")
        super().__init__(accountNumber, customer, initialBalance)
        self.__interestRate = interestRate

    def getType(self) -> AccountType:
        return AccountType.SAVINGS

    def withdraw(self, amount: float) -> bool:
        if amount <= 0 or self.balance - amount < SavingsAccount.MINIMUM_BALANCE:
            return False
        self._setBalance(self.balance - amount)
        self._addToHistory("WITHDRAW", amount)
        return True

    def addInterest(self) -> None:
        self.deposit(self.balance * self.__interestRate)


class CheckingAccount(Account):
    TRANSACTION_FEE: float = 1.0

    def getType(self) -> AccountType:
        return AccountType.CHECKING

    def withdraw(self, amount: float) -> bool:
        if amount <= 0 or amount + CheckingAccount.TRANSACTION_FEE > self.balance:
            self._addToHistory("WITHDRAW_REJECTED", amount)
            return False
        self._setBalance(self.balance - amount)
        self._addToHistory("WITHDRAW", amount)
        self._setBalance(self.balance - CheckingAccount.TRANSACTION_FEE)
        self._addToHistory("FEE", CheckingAccount.TRANSACTION_FEE)
        return True


class AccountManager:
    def __init__(self, bankName: str) -> None:
        self.__bankName = bankName
        self.__accounts: dict[int, Account] = {}
        self.__nextNumber = 1

    def getBankName(self) -> str:
        return self.__bankName

    def createAccount(self, accountType: AccountType, customerName: str, initialBalance: float) -> Account:
        number = self.__nextNumber
        self.__nextNumber += 1
        account: Account
        if accountType == AccountType.SAVINGS:
            account = SavingsAccount(number, Customer(customerName), initialBalance, 0.05)
        else:
            account = CheckingAccount(number, Customer(customerName), initialBalance)
        self.__accounts[number] = account
        return account

    def getAccount(self, accountNumber: int) -> Optional[Account]:
        return self.__accounts.get(accountNumber)

    def removeAccount(self, accountNumber: int) -> bool:
        if accountNumber not in self.__accounts:
            return False
        del self.__accounts[accountNumber]
        return True

    def getAllAccounts(self) -> list[Account]:
        return list(self.__accounts.values())

    def getTotalBalance(self) -> float:
        total = 0.0
        for account in self.__accounts.values():
            total += account.getBalance()
        return total

    def transfer(self, fromNumber: int, toNumber: int, amount: float) -> bool:
        source = self.getAccount(fromNumber)
        target = self.getAccount(toNumber)
        if source is None or target is None:
            return False
        if not source.withdraw(amount):
            return False
        return target.deposit(amount)
