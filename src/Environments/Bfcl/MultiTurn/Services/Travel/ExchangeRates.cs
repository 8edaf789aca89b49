using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;

/// <summary>What a dollar is worth.</summary>
internal static class ExchangeRates
{
    private static readonly Dictionary<string, PyValue> PerDollar = new(StringComparer.Ordinal)
    {
        ["RMB"] = 7,
        ["EUR"] = 0.8,
        ["JPY"] = 110,
        ["GBP"] = 0.7,
        ["CAD"] = 1.3,
        ["AUD"] = 1.4,
        ["INR"] = 70,
        ["RUB"] = 60,
        ["BRL"] = 3.8,
        ["MXN"] = 20,
    };

    /// <summary>An amount in another currency; only the way back to dollars is rounded.</summary>
    /// <exception cref="PyError">Neither is the dollar, or the other is unknown, or the amount is no number.</exception>
    public static PyDict Exchange(PyValue from, PyValue to, PyValue amount)
    {
        var exchanged = ((from as PyStr)?.Text, (to as PyStr)?.Text) switch
        {
            ("USD", { } other) when PerDollar.TryGetValue(other, out var rate) => PyNumberText.ToFloat(PyArithmetic.Multiply(amount, rate)),
            ({ } other, "USD") when PerDollar.TryGetValue(other, out var rate) => PyArithmetic.Round(PyArithmetic.Divide(amount, rate), 2),
            _ => throw PyError.ValueError("No available exchange rate for the given currencies."),
        };
        return new PyDict(("exchanged_value", exchanged));
    }
}
