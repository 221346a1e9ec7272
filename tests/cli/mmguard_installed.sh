# SPDX-License-Identifier: MIT
# As it lies in a prefix: bin/mmguard finds lib/mmguard/libguard.so.
mkdir -p bin lib/mmguard
cp "$BUILD/mmguard" "$BUILD/mmreport" bin
cp "$BUILD/libguard.so" lib/mmguard
bin/mmguard echo started
