// SPDX-License-Identifier: MIT
// Gives out and takes objects; its operators are those everybody sees.
extern "C" int *object_make(void)
{
    return new int(1);
}

extern "C" void object_drop(int *object)
{
    delete object;
}
