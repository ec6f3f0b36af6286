def main():
    name = input("What is your name? ")
    print("Hello " + name + ", welcome to Python!")


if __name__ == "__main__":
    main()
