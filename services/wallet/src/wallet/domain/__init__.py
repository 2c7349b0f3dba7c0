"""The rules of money: plain Python on the standard library. Amounts are whole KRW, times aware and UTC."""
