using System.Numerics;
using CsCheck;
using SandQueue.Environments.Countdown;

namespace SandQueue.Environments.Tests.Countdown;

public sealed class ArithmeticExpressionTests
{
    private static readonly Gen<Term> Terms = Gen.Recursive<Term>((depth, inner) =>
    {
        var number = Gen.Int[0, 30].Select(value => (Term)new Number(value));
        if (depth > 4) return number;

        var negated = inner.Select(term => (Term)new Negated(term));
        var operation = Gen.Select(Gen.OneOf<char>('+', '-', '*', '/'), inner, inner, (symbol, left, right) => (Term)new Operation(symbol, left, right));
        return Gen.Frequency((2, number), (1, negated), (5, operation));
    });

    [Fact]
    public void The_value_is_that_of_an_independent_calculation()
    {
        Gen.Select(Terms, Gen.Int).Sample(
            (term, style) =>
            {
                var text = term.Write(new Random(style));
                if (text.Length > ArithmeticExpression.LongestText) return;

                var (calculation, problem) = ArithmeticExpression.Calculate(text);
                problem.ShouldBeNull(text);
                var expected = term.Value();
                calculation!.Value.HasValue.ShouldBe(expected is not null, text);
                calculation.Numbers.ShouldBe(term.Numbers());
                if (expected is var (above, below)) (calculation.Value.Numerator * below).ShouldBe(above * calculation.Value.Denominator, text);
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("8 - 2 - 3", "3")]
    [InlineData("8 - (2 - 3)", "9")]
    [InlineData("2 + 3 * 4", "14")]
    [InlineData("(2 + 3) * 4", "20")]
    [InlineData("24 / 4 / 2", "3")]
    [InlineData("24 / 4 * 2", "12")]
    [InlineData("1 / 3 + 1 / 6", "1/2")]
    [InlineData("8 / (3 - 8 / 3)", "24")]
    [InlineData("-2 * -3", "6")]
    [InlineData("2--3", "5")]
    [InlineData("-(2 + 3)", "-5")]
    [InlineData("--2", "2")]
    [InlineData(" \n\t007 ", "7")]
    [InlineData("6 × 4 ÷ 3 − 1", "7")]
    [InlineData("1 / (3 - 3)", "no value")]
    [InlineData("1 / (1 / 0)", "no value")]
    [InlineData("0 * (1 / 0)", "no value")]
    [InlineData("0 / 7", "0")]
    [InlineData("3 / -6", "-1/2")]
    public void An_expression_has_a_value(string text, string value)
    {
        ArithmeticExpression.Calculate(text).Calculation!.Value.ToString().ShouldBe(value);
    }

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData(" \n ", "It is empty.")]
    [InlineData("1 +", "The end stands where a number should.")]
    [InlineData("1 + * 2", "\"*\" at character 5 stands where a number should.")]
    [InlineData("+3", "\"+\" at character 1 stands where a number should.")]
    [InlineData("(1 + 2", "The end stands where a parenthesis should close.")]
    [InlineData("(1 + 2 3)", "\"3\" at character 8 stands where a parenthesis should close.")]
    [InlineData("1 + 2)", "\")\" at character 6 closes nothing.")]
    [InlineData("()", "\")\" at character 2 stands where a number should.")]
    [InlineData("2(3)", "\"(\" at character 2 does not belong there.")]
    [InlineData("1 + 2 = 3", "\"=\" at character 7 does not belong there.")]
    [InlineData("2 ** 3", "\"*\" at character 4 stands where a number should.")]
    [InlineData("7 // 2", "\"/\" at character 4 stands where a number should.")]
    [InlineData("1.5 * 2", "\".\" at character 2 does not belong there.")]
    [InlineData("1e5", "\"e\" at character 2 does not belong there.")]
    [InlineData("1_000", "\"_\" at character 2 does not belong there.")]
    [InlineData("٣ + 1", "\"٣\" at character 1 stands where a number should.")]
    [InlineData("__import__('os')", "\"_\" at character 1 stands where a number should.")]
    [InlineData("1\0", "\"\uFFFD\" at character 2 does not belong there.")]
    public void Anything_else_is_said_to_be_unreadable_and_where(string text, string problem)
    {
        ArithmeticExpression.Calculate(text).ShouldBe((null, problem));
    }

    [Fact]
    public void Hostile_text_is_refused_at_once()
    {
        foreach (var piece in new[] { "(", ")", "-", "9", "1+", "9*", "1/", "((((1))))", "\ud800" })
        {
            ArithmeticExpression.Calculate(string.Concat(Enumerable.Repeat(piece, 10_000_000 / piece.Length))).Problem!.ShouldContain("400 are the most");
            Should.NotThrow(() => ArithmeticExpression.Calculate(string.Concat(Enumerable.Repeat(piece, 400 / piece.Length))));
        }

        ArithmeticExpression.Calculate(new string(' ', 10_000_000) + "1").Calculation!.Value.ToString().ShouldBe("1");
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    public void Depth_has_a_limit(string open, string close)
    {
        Nested(40).Problem.ShouldBeNull();
        Nested(41).Problem.ShouldEndWith("comes after more than 40 open parentheses and minus signs.");

        (Calculation? Calculation, string? Problem) Nested(int depth) =>
            ArithmeticExpression.Calculate(string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth)));
    }

    [Fact]
    public void Siblings_do_not_count_as_depth()
    {
        ArithmeticExpression.Calculate(string.Join('+', Enumerable.Repeat("(-1)", 60))).Calculation!.Value.ToString().ShouldBe("-60");
    }

    [Fact]
    public void Numbers_are_as_long_as_the_text_allows()
    {
        var (calculation, _) = ArithmeticExpression.Calculate($"{new string('9', 199)}*{new string('9', 200)}");
        calculation!.Value.Numerator.ShouldBe((BigInteger.Pow(10, 199) - 1) * (BigInteger.Pow(10, 200) - 1));
    }

    [Fact]
    public void No_text_throws()
    {
        Gen.OneOf<string>(Gen.String, Gen.OneOf<string>("1", "23", "+", "-", "*", "/", "(", ")", " ")).List[0, 30].Sample(pieces =>
        {
            var (calculation, problem) = ArithmeticExpression.Calculate(string.Concat(pieces));
            return calculation is null != problem is null;
        });
    }
}
