using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Tests.AgentScope.Calls;

public sealed class EpisodeCallTests
{
    private const string Step = """{"instance_id":"i","messages":{"role":"assistant","content":"x"},"params":PARAMS}""";

    [Fact]
    public void The_key_is_in_the_header_or_the_parameter()
    {
        Call("""{"instance_id":"i"}""", "header").Release().CommandId.ShouldBe("header");
        Call("""{"instance_id":"i","params":{"_command_id":"same"}}""", "same").Release().CommandId.ShouldBe("same");
        Call("""{"instance_id":"i","params":{"_command_id":"mine"}}""").Release().CommandId.ShouldBe("mine");
    }

    [Fact]
    public void Without_an_id_every_command_has_a_new_one_later_than_those_before()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Call("""{"instance_id":"i"}""").Release().CommandId).ToList();

        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.Length <= 200);
        string.CompareOrdinal(ids[0][..12], ids[^1][..12]).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public void An_id_that_is_too_long_is_refused()
    {
        Should.Throw<BadRequestException>(() => Call("{}", new string('x', 201))).Message.ShouldContain("Idempotency-Key");
        Should.Throw<BadRequestException>(() => Call($$$"""{"params":{"_command_id":"{{{new string('x', 201)}}}"}}""")).Message.ShouldContain("_command_id");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void A_key_that_is_empty_is_refused(string key) => Should.Throw<BadRequestException>(() => Call("{}", key)).Message.ShouldContain("empty");

    [Fact]
    public void Two_keys_are_refused() => Should.Throw<BadRequestException>(() => Call("{}", "a", "b")).Message.ShouldContain("2 times");

    [Fact]
    public void A_header_and_a_parameter_that_differ_are_refused() =>
        Should.Throw<BadRequestException>(() => Call("""{"instance_id":"i","params":{"_command_id":"mine"}}""", "header")).Message.ShouldContain("'header' and params._command_id is 'mine'");

    [Theory]
    [InlineData("""{"_stepp":1}""", "_stepp")]
    [InlineData("""{"_comand_id":"c", "a":1}""", "_comand_id")]
    [InlineData("""{"_step":1, "_foo":{}}""", "_foo")]
    public void A_misspelled_name_of_the_surface_is_refused(string parameters, string name) =>
        Should.Throw<BadRequestException>(() => Call(Step.Replace("PARAMS", parameters, StringComparison.Ordinal)).Step("messages"))
            .Message.ShouldBe($"unknown params.{name}; names that begin with an underscore are _command_id, _step and _timeout_ms");

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"_step":3}""", 3)]
    public void A_step_may_name_its_number(string parameters, int? step) => Call(Step.Replace("PARAMS", parameters, StringComparison.Ordinal)).Step("messages").ExpectedStep.ShouldBe(step);

    [Fact]
    public void A_number_that_is_none_is_refused() =>
        Should.Throw<BadRequestException>(() => Call(Step.Replace("PARAMS", """{"_step":"3"}""", StringComparison.Ordinal)).Step("messages")).Message.ShouldContain("_step");

    [Theory]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("""{"a": 1.0, "_b":null}""", """{"a": 1.0, "_b":null}""")]
    [InlineData("""{"_timeout_ms":5000,"_step":1,"_command_id":"c"}""", "")]
    [InlineData("""{"a": {"x":[1,  2]}, "_timeout_ms":5000, "b":"\u00e9"}""", """{"a":{"x":[1,  2]},"b":"\u00e9"}""")]
    public void What_is_for_the_surface_goes_no_further(string parameters, string expected) =>
        Encoding.UTF8.GetString(Call(Step.Replace("PARAMS", parameters, StringComparison.Ordinal)).Step("messages").Params).ShouldBe(expected);

    [Theory]
    [InlineData("{}", null, true)]
    [InlineData("""{"_step":1}""", null, false)]
    [InlineData("""{"_command_id":"c"}""", null, false)]
    [InlineData("{}", "key", false)]
    public void A_step_without_key_and_number_says_so(string parameters, string? key, bool isUnprotected) =>
        Call(Step.Replace("PARAMS", parameters, StringComparison.Ordinal), key is null ? [] : [key]).Step("messages").HasNoIdempotencyKey.ShouldBe(isUnprotected);

    [Theory]
    [InlineData("""{"env_type":"e","task_id":"t"}""", true)]
    [InlineData("""{"env_type":"e","task_id":"t","instance_id":"i"}""", false)]
    [InlineData("""{"env_type":"e","task_id":"t","params":{"_command_id":"c"}}""", false)]
    public void A_create_that_nobody_can_find_again_says_so(string json, bool isUnprotected) =>
        Call(json).Create(TimeProvider.System).HasNoIdempotencyKey.ShouldBe(isUnprotected);

    [Fact]
    public void Parameters_have_a_limit_whatever_is_in_them()
    {
        var sound = $$$"""{"instance_id":"i","params":{"note":"{{{new string('n', (256 << 10) - 11)}}}"}}""";
        Call(sound).Release().InstanceId.ShouldBe("i");

        var wrong = Should.Throw<BadRequestException>(() => Call(sound.Replace("note", "notes", StringComparison.Ordinal)));

        wrong.Status.ShouldBe(400);
        wrong.Message.ShouldContain("262145");
        wrong.Message.ShouldContain("Gateway:MaxParamsBytes");
    }

    private static EpisodeCall Call(string json, params string[] keys)
    {
        var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "a")])) };
        if (keys.Length > 0) context.Request.Headers["Idempotency-Key"] = keys;
        return new EpisodeCall(context, new JsonFields(JsonElement.Parse(Encoding.UTF8.GetBytes(json))), new GatewayOptions());
    }
}
