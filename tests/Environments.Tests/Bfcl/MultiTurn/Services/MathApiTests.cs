using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.MultiTurn.Services.Maths;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn.Services;

/// <summary>Expected answers come from the original, with mpmath and decimal behind it.</summary>
public sealed class MathApiTests
{
    [Theory]
    [InlineData("100, 10, 5", "{'result': mpf('2.0')}")]
    [InlineData("2, 10, 50", "{'result': mpf('0.30102999566398119521373889472449302676818988146210811')}")]
    [InlineData("8, 2, 16", "{'result': mpf('2.999999999999999944')}")]
    [InlineData("8, 2, 15", "{'result': mpf('3.0')}")]
    [InlineData("1.0000000001, 10, 5", "{'result': mpf('4.3429427e-11')}")]
    [InlineData("-100, 10, 5", "{'result': mpc(real='2.0', imag='1.3643761')}")]
    [InlineData("100, -10, 5", "{'result': mpc(real='0.69892883', imag='-0.95360184')}")]
    [InlineData("-2.5, 0.5, 20", "{'result': mpc(real='-1.321928094887362347871', imag='-4.5323601418271938096264')}")]
    [InlineData("0, 10, 5", "{'result': mpf('-inf')}")]
    [InlineData("10, 0, 5", "{'result': mpf('0.0')}")]
    [InlineData("0, 0, 5", "{'result': mpf('nan')}")]
    [InlineData("10, 1, 5", "{\"error\": \"\"}")]
    [InlineData("10, 2, -5", "{'result': mpf('4.0')}")]
    [InlineData("'3/4', ' 10 ', '5'", "{'result': mpf('-0.12493873')}")]
    [InlineData("'1e-500', 10, 5", "{'result': mpf('-500.0')}")]
    [InlineData("'doors', 10, 5", "{\"error\": \"cannot create mpf from 'doors'\"}")]
    [InlineData("'JFK', 10, 5", "{\"error\": \"'NoneType' object has no attribute 'group'\"}")]
    [InlineData("[1], 10, 5", "{\"error\": \"cannot create mpf from [1]\"}")]
    [InlineData("10, 2, 'x'", "{\"error\": \"invalid literal for int() with base 10: 'x'\"}")]
    [InlineData("10, 2, 100001", "{\"error\": \"precision is limited to 100000 digits\"}")]
    public void Logarithms(string arguments, string answer) => Answer($"logarithm({arguments})").ShouldBe(answer);

    [Fact]
    public void A_long_text_that_could_be_complex_is_refused_and_not_tried_at_every_place()
    {
        var clock = Stopwatch.StartNew();
        Answer($"logarithm('{new string('1', 500_000)}jx', 10, 5)").ShouldContain("cannot create mpf from");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("5, 10", "{'result': Decimal('2.236067977')}")]
    [InlineData("16, 3", "{'result': Decimal('4')}")]
    [InlineData("0.25, 3", "{'result': Decimal('0.5')}")]
    [InlineData("10000000000000000000000, 5", "{'result': Decimal('1.0000E+11')}")]
    [InlineData("0.0001, 8", "{'result': Decimal('0.010000000')}")]
    [InlineData("1e-10, 3", "{'result': Decimal('0.0000100')}")]
    [InlineData("5e-324, 5", "{'result': Decimal('2.2228E-162')}")]
    [InlineData("99, 1", "{'result': Decimal('1E+1')}")]
    [InlineData("-0.0, 5", "{'result': Decimal('-0')}")]
    [InlineData("1e999, 5", "{'result': Decimal('Infinity')}")]
    [InlineData("True, True", "{'result': Decimal('1')}")]
    [InlineData("-1, 5", "{\"error\": \"Cannot calculate square root of a negative number\"}")]
    [InlineData("'4', 5", "{\"error\": \"Input must be a number or computation resulted in an invalid operation\"}")]
    [InlineData("2, 2.0", "{\"error\": \"Input must be a number or computation resulted in an invalid operation\"}")]
    [InlineData("2, 100001", "Error during execution: precision is limited to 100000 digits")]
    [InlineData("2, 0", "Error during execution: valid range for prec is [1, MAX_PREC]")]
    public void Square_roots(string arguments, string answer) => Answer($"square_root({arguments})").ShouldBe(answer);

    [Theory]
    [InlineData("mean([])", "{\"error\": \"Cannot calculate mean of an empty list\"}")]
    [InlineData("mean('abc')", "{\"error\": \"All elements in the list must be numbers\"}")]
    [InlineData("standard_deviation([100, 95, 85, 90, 88, 92])", "{\"result\": 4.85340659285368}")]
    [InlineData("standard_deviation([1e200, -1e200])", "Error during execution: (34, 'Numerical result out of range')")]
    [InlineData("min_value('cab')", "{\"result\": \"a\"}")]
    [InlineData("max_value([[1, 2], [1, 3]])", "{\"result\": [1, 3]}")]
    [InlineData("si_unit_conversion(5, 'km', 'cm')", "{\"result\": 500000.0}")]
    [InlineData("si_unit_conversion(5, 'km', 'ft')", "{\"error\": \"Conversion from 'km' to 'ft' is not supported\"}")]
    [InlineData("si_unit_conversion(5, ['km'], 'm')", "Error during execution: unhashable type: 'list'")]
    [InlineData("imperial_si_conversion(50, 'fahrenheit', 'celsius')", "{\"result\": 10.0}")]
    [InlineData("imperial_si_conversion('x', 'ft', 'm')", "{\"error\": \"Value must be a number\"}")]
    [InlineData("percentage(1, 3)", "{\"result\": 33.33333333333333}")]
    [InlineData("divide(1, False)", "{\"error\": \"Cannot divide by zero\"}")]
    [InlineData("add('a', 'b')", "{\"result\": \"ab\"}")]
    [InlineData("power(-8, 0.5)", "{'result': (1.7319121124709868e-16+2.8284271247461903j)}")]
    [InlineData("power(10, 5000)", "Error during execution: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit")]
    [InlineData("round_number(2.675, 2)", "{\"result\": 2.67}")]
    public void The_rest(string call, string answer) => Answer(call).ShouldBe(answer);

    [Fact]
    public void An_integer_root_is_exact()
    {
        foreach (var bits in (int[])[1, 51, 52, 53, 64, 127, 1000, 5001])
        {
            var number = BigInteger.Parse("123456789123456789", CultureInfo.InvariantCulture) % 7 + (BigInteger.One << bits);
            var root = IntegerRoot.Of(number);
            (root * root <= number && (root + 1) * (root + 1) > number).ShouldBeTrue($"{bits} bits");
        }
    }

    [Theory]
    [InlineData("logarithm", """{"value":7,"base":3,"precision":99999}""")]
    [InlineData("square_root", """{"number":7,"precision":99999}""")]
    public void A_call_that_takes_long_can_be_cancelled(string name, string arguments)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Should.Throw<OperationCanceledException>(() => new ServiceSet([new MathApi()]).Execute(name, JsonElement.Parse(arguments), cancelled.Token));
    }

    private static string Answer(string call) => new ServiceSet([new MathApi()]).Execute(call);
}
