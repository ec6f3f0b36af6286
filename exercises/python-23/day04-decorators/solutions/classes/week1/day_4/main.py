"""Run with `python -m week1.day_4.main`."""

import logging
import time

from .decorators import ArgumentError, RetryError, memoize, rate_limit, retry, timer, validate_types


class Demonstration:
    """One method for each decorator."""

    def __init__(self) -> None:
        self.failures = 0

    @timer
    def wait(self) -> None:
        time.sleep(0.1)

    @retry(max_attempts=2, delay=0.1)
    def fail(self) -> None:
        self.failures += 1
        raise OSError("failure %d" % self.failures)

    @memoize
    def factorial(self, number: int) -> int:
        return 1 if number < 2 else number * self.factorial(number - 1)

    @validate_types
    def double(self, number: int) -> int:
        return 2 * number

    @rate_limit(calls=2, period=0.2)
    def ping(self) -> float:
        return time.monotonic()

    def run(self) -> None:
        self.wait()
        logging.info("waited for %.3f s", Demonstration.wait.get_last_time())
        try:
            self.fail()
        except RetryError as error:
            logging.info("%s: %s", error, error.last_error)
        logging.info("30! = %d", self.factorial(30))
        try:
            self.double("2")
        except ArgumentError as error:
            logging.info("refused: %s", error)
        for _ in range(3):
            logging.info("ping at %.2f", self.ping())


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    Demonstration().run()
