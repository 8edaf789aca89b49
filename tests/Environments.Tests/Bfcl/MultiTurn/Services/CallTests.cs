using System.Diagnostics;
using System.Text.Json;
using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn.Services;

/// <summary>How calls reach a service, and what Python says where they do not.</summary>
public sealed class CallTests
{
    [Theory]
    [InlineData("f(1, b=2)", "[1, 2, 'c']")]
    [InlineData("f(1, 2, 3)", "[1, 2, 3]")]
    [InlineData("f()", "T.f() missing 2 required positional arguments: 'a' and 'b'")]
    [InlineData("f(1)", "T.f() missing 1 required positional argument: 'b'")]
    [InlineData("f(1, 2, 3, 4)", "T.f() takes from 3 to 4 positional arguments but 5 were given")]
    [InlineData("f(1, 2, a=3)", "T.f() got multiple values for argument 'a'")]
    [InlineData("f(self=1)", "T.f() got multiple values for argument 'self'")]
    [InlineData("f(1, 2, 3, 4, x=5)", "T.f() got an unexpected keyword argument 'x'")]
    public void Arguments_are_placed_as_Python_places_them(string call, string outcome)
    {
        var signature = Signature.Parse("f(a, b, c='c')");
        try
        {
            new PyList(signature.Bind("T", PyCall.Parse(call))).ToString().ShouldBe(outcome);
        }
        catch (PyError error)
        {
            error.Message.ShouldBe(outcome);
        }
    }

    [Theory]
    [InlineData("g(1)", "T.g() takes 1 positional argument but 2 were given")]
    [InlineData("g(x=1)", "T.g() got an unexpected keyword argument 'x'")]
    public void A_function_without_parameters_takes_none(string call, string complaint) =>
        Should.Throw<PyError>(() => Signature.Parse("g()").Bind("T", PyCall.Parse(call))).Message.ShouldBe(complaint);

    [Fact]
    public void Three_missing_arguments_are_listed_with_two_commas() =>
        Should.Throw<PyError>(() => Signature.Parse("h(a, b, c)").Bind("T", PyCall.Parse("h()"))).Message
            .ShouldBe("T.h() missing 3 required positional arguments: 'a', 'b', and 'c'");

    [Theory]
    [InlineData("f(x='a word (so)')", "f(x='a word(so)')")]
    [InlineData("f(x='1 (so) é (x) _a\t (y)')", "f(x='1 (so) é (x) _a(y)')")]
    [InlineData("f (x=1)", "f(x=1)")]
    [InlineData("f(x='a1 (b)')", "f(x='a1(b)')")]
    public void Space_between_a_word_and_a_bracket_is_lost_as_in_the_original(string text, string read) => CallText.Checked(text).ShouldBe(read);

    [Fact]
    public void An_agents_call_is_written_as_Python_writes_its_values() =>
        CallText.Of("f", JsonElement.Parse("""{"a":"it's","b":[1,2.0,null,true],"c":{"d":1e999}}""")).ShouldBe("f(a=\"it's\",b=[1, 2.0, None, True],c={'d': inf})");

    [Fact]
    public void Source_of_a_megabyte_is_read_in_time_that_grows_with_it()
    {
        var clock = Stopwatch.StartNew();
        PyCall.Parse($"f({string.Join(',', Enumerable.Range(0, 100_000).Select(index => $"a{index}=1"))})").Named.Count.ShouldBe(100_000);
        PyCall.Parse($"f(0x{new string('f', 1_000_000)})").Positional.ShouldHaveSingleItem();
        PyCall.Parse($"f(0o{new string('7', 1_000_000)})").Positional.ShouldHaveSingleItem();
        PyCall.Parse($"f({string.Concat(Enumerable.Repeat("'ab'", 250_000))})").Positional.ShouldHaveSingleItem().ToString().Length.ShouldBe(500_000);
        // Each of the four took more than twenty seconds where it grew with the square.
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_name_given_twice_is_a_complaint() =>
        Should.Throw<PyError>(() => PyCall.Parse("f(a=1, b=2, a=3)")).Message.ShouldBe("keyword argument repeated: a (<string>, line 1)");

    [Theory]
    [InlineData("""{"a b":1}""", "Error during execution: invalid syntax. Perhaps you forgot a comma? (<string>, line 1)")]
    [InlineData("""{"a":1e999}""", "Error during execution: name 'inf' is not defined")]
    [InlineData("""{"mode":"x","self":1}""", "Error during execution: VehicleControlAPI.setHeadlights() got multiple values for argument 'self'")]
    public void What_Python_cannot_read_is_an_answer(string arguments, string answer) =>
        Car().Execute("setHeadlights", JsonElement.Parse(arguments), TestContext.Current.CancellationToken).ShouldBe(answer);

    [Fact]
    public void An_integer_beyond_Pythons_limit_is_an_answer() =>
        Car().Execute("pressBrakePedal", JsonElement.Parse($"{{\"pedalPosition\":{new string('9', 4301)}}}"), TestContext.Current.CancellationToken).ShouldStartWith("Error during execution: Exceeds the limit (4300 digits)");

    [Fact]
    public void A_state_change_before_an_error_stays()
    {
        var car = Car();
        car.Execute("set_navigation(destination=7)").ShouldBe("Error during execution: can only concatenate str (not \"int\") to str");
        car.FirstDifference(Car()).ShouldBe("VehicleControlAPI");
    }

    private static ServiceSet Car() => new([ServiceCatalogue.Start("VehicleControlAPI", new Scenario(PyDict.Empty, false, null))]);
}
