from setuptools import Extension, setup

setup(
    name="fastsum",
    version="1.0",
    packages=["fastsum"],
    ext_modules=[Extension("fastsum._sum", ["fastsum/_sum.c"])],
)
