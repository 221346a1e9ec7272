// SPDX-License-Identifier: MIT
//
// Bug: a reference to the first order is kept while orders are added, which moves them all.
// mmguard: a use after free (read) in total, of the block that the vector had and gave back when it grew.
#include <cstdio>
#include <vector>

struct order {
    int amount, price;
};

__attribute__((noinline)) int total(const order &first)
{
    return first.amount * first.price;
}

int main()
{
    std::vector<order> orders{{2, 10}};
    const order &first = orders.front();
    for (int i = 0; i < 100; i++)
        orders.push_back({1, i});
    std::printf("%d\n", total(first)); // should be orders.front()
    return 0;
}
