print("Hello, Python!")
print("2 + 2 =", 2 + 2)
