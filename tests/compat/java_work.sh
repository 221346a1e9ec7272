# SPDX-License-Identifier: MIT
# A program that keeps a collector at work in four threads.
prepare() {
    cat >Work.java <<'END'
import java.util.*;
import java.util.stream.*;

public class Work {
    static long work(int seed) {
        Map<Integer, String> kept = new HashMap<>();
        long sum = 0;
        for (int i = 0; i < 200000; i++) {
            kept.put((i * seed) % 5003, "value " + i + " of " + seed);
            if (i % 1000 == 0)
                sum += kept.values().stream().collect(Collectors.joining()).hashCode();
        }
        return sum + kept.size();
    }

    public static void main(String[] arguments) throws Exception {
        long[] sums = new long[4];
        Thread[] threads = new Thread[4];
        for (int i = 0; i < 4; i++) {
            int n = i;
            (threads[i] = new Thread(() -> sums[n] = work(n + 3))).start();
        }
        for (Thread thread : threads)
            thread.join();
        System.out.println(Arrays.toString(sums));
        try {
            Object nothing = null;
            nothing.hashCode();
        } catch (NullPointerException expected) {
            System.out.println("caught");
        }
    }
}
END
    javac Work.java
}
