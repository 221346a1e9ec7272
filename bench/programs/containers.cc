// SPDX-License-Identifier: MIT
//
// A C++ program that lives on its standard containers: word counts, a priority queue, an ordered
// map of vectors. The result of a fixed piece of work is printed, so that each run can be checked.
//
//     containers ROUNDS
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace
{
std::uint64_t state = 88172645463325252u;

std::uint64_t next_random()
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct Job {
    std::uint64_t due;
    std::unique_ptr<std::string> name;
};

struct Later {
    bool operator()(const Job &a, const Job &b) const
    {
        return a.due > b.due;
    }
};

std::uint64_t count_words(int words)
{
    std::unordered_map<std::string, int> counts;
    for (int i = 0; i < words; i++)
        counts["a word long enough for the heap " + std::to_string(next_random() % 5000)]++;
    std::uint64_t sum = 0;
    for (const auto &entry : counts)
        sum += entry.first.size() * static_cast<std::uint64_t>(entry.second);
    return sum;
}

std::uint64_t run_jobs(int jobs)
{
    std::priority_queue<Job, std::vector<Job>, Later> queue;
    std::uint64_t sum = 0;
    for (int i = 0; i < jobs; i++) {
        queue.push({next_random() % 100000, std::make_unique<std::string>(i % 60 + 1, 'j')});
        if (queue.size() > 1000) {
            sum += queue.top().due + queue.top().name->size();
            queue.pop();
        }
    }
    return sum;
}

std::uint64_t index_values(int values)
{
    std::map<std::uint64_t, std::vector<int>> index;
    for (int i = 0; i < values; i++)
        index[next_random() % 4000].push_back(i);
    std::uint64_t sum = 0;
    for (const auto &entry : index)
        sum += entry.first * entry.second.size();
    return sum;
}
} // namespace

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
    std::uint64_t sum = 0;
    for (int i = 0; i < rounds; i++)
        sum += count_words(40000) + run_jobs(40000) + index_values(40000);
    std::printf("%llu\n", static_cast<unsigned long long>(sum));
    return 0;
}
