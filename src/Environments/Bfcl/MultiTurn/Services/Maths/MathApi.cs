using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

/// <summary>The maths service. It has no state, so one object serves every episode.</summary>
internal sealed class MathApi : Service
{
    /// <summary>
    /// Digits of a logarithm or a root at the most. The original takes any precision, and minutes for a large one. Recorded calls ask for up to
    /// 74,532 digits, so the limit is above that; a logarithm of so many digits takes seconds.
    /// </summary>
    internal const int MostDigits = 100_000;

    private const string BothNumbers = "Both inputs must be numbers";
    private const string AllNumbers = "All elements in the list must be numbers";

    private static readonly ServiceMethods Table = ServiceMethods.Of<MathApi>("MathAPI", new()
    {
        ["mean(numbers)"] = (_, a) => OfItems(a[0], "mean", Mean),
        ["standard_deviation(numbers)"] = (_, a) => OfItems(a[0], "standard deviation", StandardDeviation),
        ["si_unit_conversion(value, unit_in, unit_out)"] = (_, a) => UnitConversion.Si(a[0], a[1], a[2]),
        ["imperial_si_conversion(value, unit_in, unit_out)"] = (_, a) => UnitConversion.Imperial(a[0], a[1], a[2]),
        ["add(a, b)"] = (_, a) => Attempt(() => PyArithmetic.Add(a[0], a[1]), BothNumbers),
        ["subtract(a, b)"] = (_, a) => Attempt(() => PyArithmetic.Subtract(a[0], a[1]), BothNumbers),
        ["multiply(a, b)"] = (_, a) => PyNumber.IsNumber(a[0]) && PyNumber.IsNumber(a[1])
            ? Result(PyArithmetic.Multiply(a[0], a[1]))
            : Error(BothNumbers),
        ["divide(a, b)"] = (_, a) => IsZero(a[1])
            ? Error("Cannot divide by zero")
            : Attempt(() => PyArithmetic.Divide(a[0], a[1]), BothNumbers),
        ["power(base, exponent)"] = (_, a) => Attempt(() => PyPower.Power(a[0], a[1]), BothNumbers),
        ["absolute_value(number)"] = (_, a) => Attempt(() => PyArithmetic.Abs(a[0]), "Input must be a number"),
        ["round_number(number, decimal_places=0)"] = (_, a) =>
            Attempt(() => PyArithmetic.Round(a[0], a[1]), "First input must be a number, second input must be an integer"),
        ["percentage(part, whole)"] = (_, a) => IsZero(a[1])
            ? Error("Whole value cannot be zero")
            : Attempt(() => PyArithmetic.Multiply(PyArithmetic.Divide(a[0], a[1]), 100), BothNumbers),
        ["min_value(numbers)"] = (_, a) => OfItems(a[0], "minimum", PyOrder.Min),
        ["max_value(numbers)"] = (_, a) => OfItems(a[0], "maximum", PyOrder.Max),
        ["sum_values(numbers)"] = (_, a) => OfItems(a[0], "sum", PyArithmetic.Sum),
    }, new()
    {
        ["logarithm(value, base, precision)"] = (_, a, cancel) => Logarithm.Of(a[0], a[1], a[2], cancel),
        ["square_root(number, precision)"] = (_, a, cancel) => SquareRoot.Of(a[0], a[1], cancel),
    });

    public override ServiceMethods Methods => Table;

    public override IEnumerable<(string Name, PyValue Value)> PublicState => [];

    public override Service Fork() => this;

    internal static PyError TooPrecise() => PyError.ValueError($"precision is limited to {MostDigits} digits");

    internal static PyDict Result(PyValue value) => new(("result", value));

    private static bool IsZero(PyValue value) => PyEquality.Equal(value, 0);

    private static PyDict OfItems(PyValue numbers, string what, Func<PyValue, PyValue> compute)
    {
        var verb = what is "minimum" or "maximum" ? "find" : "calculate";
        return numbers.Truthy ? Attempt(() => compute(numbers), AllNumbers) : Error($"Cannot {verb} {what} of an empty list");
    }

    private static PyValue Mean(PyValue numbers) => PyArithmetic.Divide(PyArithmetic.Sum(numbers), PyContainer.Length(numbers));

    private static PyValue StandardDeviation(PyValue numbers)
    {
        var mean = Mean(numbers);
        var squares = PyContainer.Iterate(numbers).Select(number => PyPower.Power(PyArithmetic.Subtract(number, mean), 2));
        var variance = PyArithmetic.Divide(PyArithmetic.Sum(PyList.Of(squares)), PyContainer.Length(numbers));
        return Math.Sqrt(PyNumber.AsFloat(variance));
    }

    // Only a wrong type is the service's own error; an overflow, say, is one of the call.
    private static PyDict Attempt(Func<PyValue> compute, string wrongType)
    {
        try
        {
            return Result(compute());
        }
        catch (PyError error) when (error.Type == "TypeError")
        {
            return Error(wrongType);
        }
    }
}
