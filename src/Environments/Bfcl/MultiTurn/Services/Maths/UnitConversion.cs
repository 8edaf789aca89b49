using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>Lengths, weights and temperatures from one unit into another.</summary>
internal static class UnitConversion
{
    private static readonly PyDict Metres = new(("km", 1000), ("m", 1), ("cm", 0.01), ("mm", 0.001), ("um", 1e-6), ("nm", 1e-9));

    private static readonly Dictionary<string, double> Factors = new(StringComparer.Ordinal)
    {
        ["cm_to_in"] = 0.393701,
        ["in_to_cm"] = 2.54,
        ["m_to_ft"] = 3.28084,
        ["ft_to_m"] = 0.3048,
        ["m_to_yd"] = 1.09361,
        ["yd_to_m"] = 0.9144,
        ["km_to_miles"] = 0.621371,
        ["miles_to_km"] = 1.60934,
        ["kg_to_lb"] = 2.20462,
        ["lb_to_kg"] = 0.453592,
        ["celsius_to_fahrenheit"] = 1.8,
        ["fahrenheit_to_celsius"] = 5.0 / 9,
    };

    public static PyDict Si(PyValue value, PyValue from, PyValue to)
    {
        if (!PyNumber.IsNumber(value)) return Error("Value must be a number");
        if (!Metres.Contains(from) || !Metres.Contains(to)) return Unsupported(from, to);
        return Attempt(() => PyArithmetic.Multiply(
            PyArithmetic.Multiply(value, Metres[from]),
            PyArithmetic.Divide(1, Metres[to])));
    }

    public static PyDict Imperial(PyValue value, PyValue from, PyValue to)
    {
        if (!PyNumber.IsNumber(value)) return Error("Value must be a number");
        if (PyEquality.Equal(from, to)) return MathApi.Result(value);
        if (!Factors.TryGetValue($"{from}_to_{to}", out var factor)) return Unsupported(from, to);
        return Attempt(() => $"{from}_to_{to}" switch
        {
            "celsius_to_fahrenheit" => PyArithmetic.Add(PyArithmetic.Multiply(value, factor), 32),
            "fahrenheit_to_celsius" => PyArithmetic.Multiply(PyArithmetic.Subtract(value, 32), factor),
            _ => PyArithmetic.Multiply(value, factor),
        });
    }

    private static PyDict Attempt(Func<PyValue> compute)
    {
        try
        {
            return MathApi.Result(compute());
        }
        catch (PyError error) when (error.Type == "OverflowError")
        {
            return Error("Conversion resulted in a value too large to represent");
        }
    }

    private static PyDict Unsupported(PyValue from, PyValue to) => Error($"Conversion from '{from}' to '{to}' is not supported");

    private static PyDict Error(string message) => new(("error", message));
}
