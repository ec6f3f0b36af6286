import logging

logging.basicConfig(level=logging.INFO)
logging.info("Hello, Python!")
