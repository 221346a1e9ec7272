# SPDX-License-Identifier: MIT
mmreport trea
