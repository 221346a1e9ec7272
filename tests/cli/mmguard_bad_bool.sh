# SPDX-License-Identifier: MIT
mmguard --leak-check=maybe true
