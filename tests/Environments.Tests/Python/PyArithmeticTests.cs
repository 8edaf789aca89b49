using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Python;

/// <summary>Expected outcomes come from CPython 3.11.</summary>
public sealed class PyArithmeticTests
{
    [Theory]
    [InlineData("'a'", "1", "can only concatenate str (not \"int\") to str")]
    [InlineData("1", "'a'", "unsupported operand type(s) for +: 'int' and 'str'")]
    [InlineData("[1]", "[2]", "[1, 2]")]
    [InlineData("True", "True", "2")]
    [InlineData("1", "0.5", "1.5")]
    [InlineData("9007199254740993", "0.0", "9007199254740992.0")]
    [InlineData("None", "1", "unsupported operand type(s) for +: 'NoneType' and 'int'")]
    public void Sums(string left, string right, string outcome) => Outcome(Add, left, right).ShouldBe(outcome);

    [Theory]
    [InlineData("'ab'", "2", "abab")]
    [InlineData("0.5", "'a'", "can't multiply sequence by non-int of type 'float'")]
    [InlineData("{}", "2", "unsupported operand type(s) for *: 'dict' and 'int'")]
    [InlineData("'a'", "1000000000", "")]
    [InlineData("3", "-0.0", "-0.0")]
    public void Products(string left, string right, string outcome) => Outcome(PyArithmetic.Multiply, left, right).ShouldBe(outcome);

    [Theory]
    [InlineData("1", "3", "0.3333333333333333")]
    [InlineData("10000000000000000000000000000000000000000", "3", "3.333333333333333e+39")]
    [InlineData("1", "10000000000000000000000000000000000000000", "1e-40")]
    [InlineData("-7", "2", "-3.5")]
    [InlineData("0", "-2", "-0.0")]
    [InlineData("1", "0", "division by zero")]
    [InlineData("1.0", "0", "float division by zero")]
    public void Quotients(string left, string right, string outcome) => Outcome(PyArithmetic.Divide, left, right).ShouldBe(outcome);

    [Theory]
    [InlineData("2", "100", "1267650600228229401496703205376")]
    [InlineData("2", "-1", "0.5")]
    [InlineData("0", "-1", "0.0 cannot be raised to a negative power")]
    [InlineData("-8", "0.5", "(1.7319121124709868e-16+2.8284271247461903j)")]
    [InlineData("10.0", "400", "(34, 'Numerical result out of range')")]
    [InlineData("0", "0", "1")]
    [InlineData("-1", "1000000000000", "1")]
    [InlineData("'a'", "2", "unsupported operand type(s) for ** or pow(): 'str' and 'int'")]
    public void Powers(string left, string right, string outcome) => Outcome(PyPower.Power, left, right).ShouldBe(outcome);

    [Theory]
    [InlineData("2.5", "None", "2")]
    [InlineData("2.5", "0", "2.0")]
    [InlineData("1250", "-2", "1200")]
    [InlineData("-1350", "-2", "-1400")]
    [InlineData("7", "-1000000000", "0")]
    [InlineData("1.5", "'x'", "'str' object cannot be interpreted as an integer")]
    [InlineData("'x'", "1", "type str doesn't define __round__ method")]
    public void Roundings(string left, string right, string outcome) => Outcome(PyArithmetic.Round, left, right).ShouldBe(outcome);

    [Theory]
    [InlineData("'a'", "1", "'<' not supported between instances of 'str' and 'int'")]
    [InlineData("[1, 'a']", "[1, 2]", "'<' not supported between instances of 'str' and 'int'")]
    [InlineData("[1]", "[1, 2]", "True")]
    [InlineData("10000000000000000000000", "1e22", "False")]
    [InlineData("9999999999999999999999", "1e22", "True")]
    [InlineData("True", "1.5", "True")]
    public void Comparisons(string left, string right, string outcome) => Outcome((a, b) => PyOrder.Less(a, b), left, right).ShouldBe(outcome);

    [Fact]
    public void A_sum_adds_from_the_left_without_care_for_lost_digits() =>
        PyRepr.Of(PyArithmetic.Sum(PyList.Of(Enumerable.Repeat((PyValue)0.1, 10)))).ShouldBe("0.9999999999999999");

    private static PyValue Add(PyValue left, PyValue right) => PyArithmetic.Add(left, right);

    private static string Outcome(Func<PyValue, PyValue, PyValue> compute, string left, string right)
    {
        try
        {
            return compute(Parse(left), Parse(right)).ToString();
        }
        catch (PyError error)
        {
            return error.Message;
        }
    }

    private static PyValue Parse(string source) => new PyLiteralParser(new PyScanner(source)).Take();
}
