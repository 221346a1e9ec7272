/* SPDX-License-Identifier: MIT
 *
 * An extension of Python with a function that leaks.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>
#include <string.h>

static PyObject *forget(PyObject *self, PyObject *arguments)
{
    char *lost = malloc(100);
    (void)self;
    (void)arguments;
    memset(lost, 1, 100);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"forget", forget, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "extension", NULL, -1, methods,
                                    NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_extension(void)
{
    return PyModule_Create(&module);
}
