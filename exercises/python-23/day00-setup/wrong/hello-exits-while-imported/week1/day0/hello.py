import sys

print("Hello, Python!")
print("2 + 2 =", 2 + 2)
sys.exit()
