from . import total

print(total(range(101)))
