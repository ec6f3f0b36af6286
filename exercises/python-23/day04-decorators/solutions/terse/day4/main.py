import decorators
import examples

for name in ("timer", "retry", "memoize", "validate_types", "rate_limit"):
    print(name, "->", getattr(examples, f"show_{name}")(getattr(decorators, name)))
