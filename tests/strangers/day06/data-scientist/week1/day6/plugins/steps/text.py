import string
from dataclasses import dataclass

from week1.day6.plugins.base import Plugin


@dataclass
class TextConfig:
    column: str = "text"
    lowercase: bool = True
    remove_punctuation: bool = False
    stopwords: tuple[str, ...] = ()


class TextProcessorPlugin(Plugin, name="text_processor", version="1.0.0"):
    """Cleans the text column of a list of records."""

    Config = TextConfig

    def clean(self, text):
        c = self.config
        if c.lowercase:
            text = text.lower()
        if c.remove_punctuation:
            text = text.translate(str.maketrans("", "", string.punctuation))
        return " ".join(w for w in text.split() if w not in c.stopwords)

    def execute(self, data):
        col = self.config.column
        return [{**row, col: self.clean(row[col])} if col in row else row for row in data]
