// SPDX-License-Identifier: MIT
// Reported: every kind of error; see every_kind.h.
// flags: -pthread
#include "every_kind.h"
#include <memory>
#include <new>
#include <string>
#include <vector>

struct shape {
    long sides = 4;
    virtual ~shape() {}
};

static void wrong_families()
{
    char *array = new char[10];
    BAD(free(array), delete[] array);
    void *block = ::operator new(24);
    ::operator delete(block, (std::size_t)BAD(16, 24));
    block = ::operator new(64, std::align_val_t(64));
    ::operator delete(block, std::align_val_t(BAD(32, 64)));
}

static void objects()
{
    shape *one = new shape;
    BAD(delete one, (void)0);
    sink += one->sides;
    BAD((void)0, delete one);
    std::vector<char> numbers(16);
    char &last = numbers[15];
    BAD(numbers.resize(1000), (void)0);
    last = 1;
    std::unique_ptr<shape[]> shapes(new shape[2]);
    sink += shapes[BAD(-1, -2) + three].sides;
    std::wstring text(31, L'x');
    sink += *std::wstring::traits_type::copy(std::wstring(40, L'x').data(), text.data(), BAD(30, 29) + three);
}

int main()
{
    every_kind();
    wrong_families();
    objects();
    wipe_stack();
    return 0;
}
