# SPDX-License-Identifier: MIT
# A program that takes libguard.so out of its environment and starts anew leaves no trace: that is not a clean result.
mmguard -q env -u LD_PRELOAD true
