# SPDX-License-Identifier: MIT
# Ruby gives its alternate signal stack back before it ends.
needs="ruby"
run() {
    guarded ruby -e '
        threads = 4.times.map { |i| Thread.new { (1..500).sum { |j| ("a" * j).size } + i } }
        threads.each { |t| puts t.value }
        f = Fiber.new { Fiber.yield 1; 2 }
        puts f.resume, f.resume
        Process.wait(fork { exit 3 })
        puts $?.exitstatus, `echo child`
        exit 4'
}
