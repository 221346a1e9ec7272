# SPDX-License-Identifier: MIT
# g++ on a C++ file that pulls in much of the standard library.
needs="g++ cksum"
prepare() {
    cat >heavy.cc <<'END'
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
int main(int argc, char **argv)
{
    std::map<std::string, std::vector<std::shared_ptr<std::function<int(int)>>>> table;
    std::unordered_map<std::string, std::regex> patterns;
    for (int i = 0; i < argc; i++) {
        patterns.emplace(argv[i], std::regex(argv[i]));
        table[argv[i]].push_back(std::make_shared<std::function<int(int)>>([i](int x) { return x + i; }));
    }
    for (auto &[name, functions] : table) {
        std::sort(functions.begin(), functions.end(), [](auto &a, auto &b) { return (*a)(0) < (*b)(0); });
        std::cout << name << ' ' << functions.size() << ' ' << std::regex_search(name, patterns.at(name)) << '\n';
    }
}
END
}
run() {
    guarded g++ -std=c++17 -O2 -c -o out.o heavy.cc && cksum <out.o
}
