# SPDX-License-Identifier: MIT
mmreport tree
