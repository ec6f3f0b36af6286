print("Hello, Python mastery!")
