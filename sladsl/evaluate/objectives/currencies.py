"""Currencies: how many decimals a payment has.

Takes:  exact amounts and the codes of ISO 4217.
Gives:  `paid`, an amount rounded half up to the currency's minor unit, as text.
Never:  rounds anything that is not paid.
"""

from fractions import Fraction

# ISO 4217, list one: the currencies whose minor unit is not a hundredth
_DECIMALS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


def decimals(currency: str) -> int:
    """The decimals of a currency's minor unit; two for one that is not known.

    >>> decimals("EUR"), decimals("JPY"), decimals("KWD")
    (2, 0, 3)
    """
    return _DECIMALS.get(currency, 2)


def paid(amount: Fraction, currency: str) -> str:
    """An amount as it is paid, never below 0.

    >>> paid(Fraction(1005, 1000), "EUR"), paid(Fraction(5, 2), "JPY"), paid(Fraction(1, 3), "EUR")
    ('1.01', '3', '0.33')
    """
    digits = decimals(currency)
    units = (max(amount, Fraction(0)) * 10**digits + Fraction(1, 2)).__floor__()
    whole, part = divmod(units, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)
