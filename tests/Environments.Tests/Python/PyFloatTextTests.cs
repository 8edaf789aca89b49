using CsCheck;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Python;

/// <summary>Expected texts were written by CPython 3.11.</summary>
public sealed class PyFloatTextTests
{
    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.3333333333333333")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1e-4, "0.0001")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(100.0, "100.0")]
    [InlineData(-1.5e-10, "-1.5e-10")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_float_reads_as_its_repr(double number, string repr) => PyFloatText.Repr(number).ShouldBe(repr);

    [Fact]
    public void A_repr_comes_back_as_the_same_float() =>
        Gen.Double.Sample(number => double.IsNaN(number) || PyNumberText.TryParseFloat(PyFloatText.Repr(number)) == number);

    [Theory]
    [InlineData(2.675, 2, 2.67)]
    [InlineData(0.125, 2, 0.12)]
    [InlineData(0.375, 2, 0.38)]
    [InlineData(1234.5, -2, 1200.0)]
    [InlineData(1e300, -299, 1e300)]
    [InlineData(-0.5, 0, -0.0)]
    [InlineData(2.5, 0, 2.0)]
    [InlineData(0.30000000000000004, 1, 0.3)]
    [InlineData(5e-324, 320, 0.0)]
    [InlineData(123.456, 400, 123.456)]
    [InlineData(17.5, -400, 0.0)]
    public void Rounding_goes_by_the_exact_value_and_ties_to_even(double number, int places, double rounded) =>
        PyFloatText.Round(number, places).ShouldBe(rounded);

    [Theory]
    [InlineData(0.125, "0.12")]
    [InlineData(0.375, "0.38")]
    [InlineData(2.675, "2.67")]
    [InlineData(1e22, "10000000000000000000000.00")]
    [InlineData(-0.001, "-0.00")]
    [InlineData(1234567.891, "1234567.89")]
    [InlineData(0.0, "0.00")]
    public void A_fixed_number_of_places_does_too(double number, string text) => PyFloatText.Fixed(number, 2).ShouldBe(text);
}
