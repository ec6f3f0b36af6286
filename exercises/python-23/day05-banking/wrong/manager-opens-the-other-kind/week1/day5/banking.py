import random
from typing import Dict, List, Optional, Union

Number = Union[int, float]


class Account:
    """Base class for all accounts"""

    bank_name = "Python Bank"

    def __init__(
        self, account_holder: str, initial_balance: Number = 0, account_number: Optional[str] = None
    ) -> None:
        self.account_holder = account_holder
        self.account_number = account_number or self.generate_account_number()
        self._balance = initial_balance
        self.transaction_history: List[str] = []
        self.transaction_history.append(f"Account opened with ${initial_balance}")

    @staticmethod
    def generate_account_number() -> str:
        return str(random.randint(1000000, 9999999))

    @property
    def balance(self) -> Number:
        return self._balance

    def deposit(self, amount: Number) -> None:
        if amount > 0:
            self._balance += amount
            self.transaction_history.append(f"Deposited ${amount}. New balance: ${self._balance:,.2f}")
            print(f"Deposited ${amount}")
        else:
            print("Deposit amount must be positive")

    def withdraw(self, amount: Number) -> None:
        if amount <= 0:
            print("Withdrawal amount must be positive")
        elif amount > self._balance:
            print("Insufficient funds")
            self.transaction_history.append(f"Failed withdrawal of ${amount}")
        else:
            self._balance -= amount
            self.transaction_history.append(f"Withdrew ${amount}. New balance: ${self._balance:,.2f}")
            print(f"Withdrew ${amount}")

    def show_history(self) -> None:
        for t in self.transaction_history:
            print(t)

    def __str__(self) -> str:
        return f"Account holder: {self.account_holder}, Balance: ${self._balance}"

    def __repr__(self) -> str:
        return f"Account('{self.account_holder}', {self._balance})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Account) and self._balance == other._balance


class SavingsAccount(Account):
    def __init__(self, account_holder: str, initial_balance: Number = 0, interest_rate: float = 2.5) -> None:
        super().__init__(account_holder, initial_balance)
        self.interest_rate = interest_rate

    def add_interest(self) -> None:
        self.deposit(self._balance * self.interest_rate / 100)


class CheckingAccount(Account):
    def __init__(
        self, account_holder: str, initial_balance: Number = 0, overdraft_limit: Number = 500
    ) -> None:
        super().__init__(account_holder, initial_balance)
        self.overdraft_limit = overdraft_limit

    def withdraw(self, amount: Number) -> None:
        if amount <= 0:
            print("Withdrawal amount must be positive")
        elif self._balance - amount >= -self.overdraft_limit:
            self._balance -= amount
            self.transaction_history.append(f"Withdrew ${amount}. New balance: ${self._balance:,.2f}")
            print(f"Withdrew ${amount}")
        else:
            print("Overdraft limit exceeded")


class AccountManager:
    def __init__(self) -> None:
        self.accounts: Dict[str, Account] = {}

    def create_account(self, account_type: str, account_holder: str, initial_balance: Number = 0) -> str:
        account: Account
        if account_type == "checking":
            account = SavingsAccount(account_holder, initial_balance)
        elif account_type == "savings":
            account = CheckingAccount(account_holder, initial_balance)
        else:
            raise ValueError("Unknown account type")
        self.accounts[account.account_number] = account
        return account.account_number

    def get_account(self, account_number: str) -> Optional[Account]:
        if account_number in self.accounts:
            return self.accounts[account_number]
        print("Account not found")
        return None

    def close_account(self, account_number: str) -> None:
        account = self.get_account(account_number)
        if account:
            del self.accounts[account_number]

    def list_accounts(self) -> None:
        for acc in self.accounts.values():
            print(acc)

    def transfer(self, from_acc: str, to_acc: str, amount: Number) -> None:
        a = self.get_account(from_acc)
        b = self.get_account(to_acc)
        if a is None or b is None:
            return
        before = a.balance
        a.withdraw(amount)
        if a.balance != before:
            b.deposit(amount)


if __name__ == "__main__":
    manager = AccountManager()
    number = manager.create_account("savings", "Alice", 1000)
    manager.list_accounts()
