# SPDX-License-Identifier: MIT
mmguard ./nothing
