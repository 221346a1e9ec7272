# SPDX-License-Identifier: MIT
mmguard --library=./nothing.so true
