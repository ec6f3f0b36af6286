import statistics


class NoNumbers(Exception):
    pass


def get_median(numbers):
    try:
        return statistics.median(numbers)
    except statistics.StatisticsError as error:
        raise NoNumbers from error
