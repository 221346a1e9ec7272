// SPDX-License-Identifier: MIT
//
// Bug: a cache owns its entries by plain pointers and has no destructor.
// mmguard: each of the eight entries is a definite leak; what only it holds (its string, its vector, its map's nodes) is
// indirect. The tree shows demangled names: Cache<...>::load, Entry::Entry, and the members of std::vector, std::string and
// std::map. The likely origin is main, build_cache, Cache<...>::load, Entry::Entry, and on to the vector's memory: 12,800 of
// 15,536 bytes.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace shop
{

struct Entry {
    explicit Entry(int number)
        : name("an article with a long name, number " + std::to_string(number)), prices(200, number)
    {
        for (int i = 0; i < 5; i++)
            stock[i] = number;
    }
    std::string name;
    std::vector<double> prices;
    std::map<int, int> stock;
};

template <typename Key, typename Value> class Cache
{
  public:
    __attribute__((noinline)) const Value &load(Key key)
    {
        Value *value = new Value(key);
        total += value->prices.size();
        return *value; // should be kept in a std::unique_ptr
    }
    std::size_t total = 0;
};

} // namespace shop

__attribute__((noinline)) std::size_t build_cache(int entries)
{
    shop::Cache<int, shop::Entry> cache;
    std::size_t letters = 0;
    for (int i = 0; i < entries; i++)
        letters += cache.load(i).name.size();
    return cache.total + letters;
}

// Overwrites what the calls before left on the stack.
__attribute__((noinline)) void wipe_stack()
{
    volatile char dirt[4096];
    for (std::size_t i = 0; i < sizeof(dirt); i++)
        dirt[i] = 0;
}

int main()
{
    std::size_t total = build_cache(8);
    wipe_stack();
    std::printf("total %zu\n", total);
    return 0;
}
