#include <Python.h>

static PyObject *total(PyObject *self, PyObject *numbers)
{
    long sum = 0;
    PyObject *each = PyObject_GetIter(numbers), *one;
    if (!each)
        return NULL;
    while ((one = PyIter_Next(each))) {
        sum += PyLong_AsLong(one);
        Py_DECREF(one);
    }
    Py_DECREF(each);
    return PyErr_Occurred() ? NULL : PyLong_FromLong(sum);
}

static PyMethodDef methods[] = {{"total", total, METH_O, "The sum of numbers."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sum", NULL, -1, methods};

PyMODINIT_FUNC PyInit__sum(void) { return PyModule_Create(&module); }
