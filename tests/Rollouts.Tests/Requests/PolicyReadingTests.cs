using System.Text;
using System.Text.Json;
using CsCheck;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Tests.Requests;

public sealed class PolicyReadingTests
{
    [Theory]
    [InlineData("[]", "policy must be an object, not an array")]
    [InlineData("""{}""", "policy.type is required; known are recorded, nothing, random, gold, model, replay, rescore, fork")]
    [InlineData("""{"type":"recoded"}""", "policy.type cannot be 'recoded'; did you mean recorded?")]
    [InlineData("""{"type":7}""", "policy.type must be a string, not 7")]
    [InlineData("""{"type":"nothing","max_step":2}""", "policy has no 'max_step'; did you mean max_steps?")]
    [InlineData("""{"type":"nothing","max_steps":"2"}""", "policy.max_steps must be an integer from 1 to 1000000, not a string")]
    [InlineData("""{"type":"nothing","max_steps":0}""", "policy.max_steps must be an integer from 1 to 1000000, not 0")]
    [InlineData("""{"type":"nothing","timeout_s":-1}""", "policy.timeout_s must be a number of seconds above 0 and at most 604800, not -1")]
    [InlineData("""{"type":"nothing","timeout_s":1e999}""", "policy.timeout_s must be a number of seconds above 0 and at most 604800, not 1e999")]
    [InlineData("""{"type":"random","seed":1.5}""", "policy.seed must be an integer from -9223372036854775808 to 9223372036854775807, not 1.5")]
    [InlineData("""{"type":"recorded","actions":7}""", "policy.actions must be a list of assistant messages, not 7")]
    [InlineData("""{"type":"recorded","actions":{"t":[null]}}""", "policy.actions['t'][0] must be an assistant message or its text, not null")]
    [InlineData("""{"type":"model","base_url":"http://m/v1"}""", "policy.model is required")]
    [InlineData("""{"type":"model","model":"m","base_url":"ftp://m"}""", "policy.base_url must be an address that begins with http:// or https://, like http://127.0.0.1:8000/v1")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://u:p@m/v1"}""", "policy.base_url must not have a user or a password in it; give the key as api_key or secret")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1?key=1"}""", "policy.base_url must end with its path, without ? or #")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1","headers":{}}""", "policy.headers cannot be given; an endpoint gets its key as a bearer token, by policy.api_key or policy.secret")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1","sampling":{"n":4}}""", "policy.sampling must not have n; repeats are repeats of the task")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1","tools":"nativ"}""", "policy.tools cannot be 'nativ'; did you mean native?")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1","api_key":"a b"}""", "policy.api_key has characters that no key has: spaces or letters beyond ASCII")]
    [InlineData("""{"type":"model","model":"m","base_url":"http://m/v1","api_key":"a","secret":"b"}""", "policy has api_key and secret; give one of them")]
    [InlineData("""{"type":"replay"}""", "policy.episode_id or policy.source_instance_id is required: the episode that is played again")]
    [InlineData("""{"type":"fork","episode_id":1,"steps":1}""", "policy.then is required: the policy that goes on after them")]
    [InlineData("""{"type":"fork","episode_id":1,"steps":1,"then":{"type":"gol"}}""", "policy.then.type cannot be 'gol'; did you mean gold?")]
    [InlineData("""{"type":"fork","episode_id":1,"steps":1,"then":{"type":"replay","episode_id":1}}""", "policy.then cannot be replay; a fork goes on with a policy that decides by itself")]
    public void Every_mistake_is_one_line_that_names_the_field(string policy, string message) =>
        Should.Throw<RolloutRequestException>(() => PolicyReading.Read(JsonElement.Parse(policy))).Message.ShouldBe(message);

    [Fact]
    public void Recorded_actions_keep_their_bytes_and_a_text_is_a_message()
    {
        var read = (RecordedRequest)PolicyReading.Read(JsonElement.Parse("""{"type":"recorded","actions":["a \ud800\n", { "role" : "assistant", "tool_calls":[ ] }],"version":"v1","max_steps":3,"timeout_s":0.5}"""));

        read.Of("any").Select(Encoding.UTF8.GetString).ShouldBe(["""{"role":"assistant","content":"a \ud800\n"}""", """{ "role" : "assistant", "tool_calls":[ ] }"""]);
        (read.Version, read.MaxSteps, read.Timeout).ShouldBe(("v1", 3, TimeSpan.FromSeconds(0.5)));
    }

    [Fact]
    public void Actions_may_be_given_by_task()
    {
        var read = (RecordedRequest)PolicyReading.Read(JsonElement.Parse("""{"type":"recorded","actions":{"one":["a"],"two":[]}}"""));

        (read.Of("one").Count, read.Of("two").Count).ShouldBe((1, 0));
        Should.Throw<RolloutRequestException>(() => read.Of("three")).Message.ShouldContain("'three'");
    }

    [Fact]
    public void A_model_is_read_with_its_defaults_and_never_shows_its_key()
    {
        var read = (ModelRequest)PolicyReading.Read(JsonElement.Parse("""{"type":"model","base_url":"http://127.0.0.1:8000/v1","model":"m","api_key":"sk-1","sampling":{"temperature":0.7,"top_k":5}}"""));

        read.BaseUrl.AbsoluteUri.ShouldBe("http://127.0.0.1:8000/v1/");
        (read.HasNativeTools, read.IsStreamed, read.Retries, read.ApiKey).ShouldBe((true, false, 5, "sk-1"));
        read.Sampling.GetRawText().ShouldBe("""{"temperature":0.7,"top_k":5}""");
        read.ToString().ShouldNotContain("sk-1");
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_in_one_line()
    {
        var value = Gen.OneOf(
            Gen.Const("null"), Gen.Const("[]"), Gen.Const("{}"), Gen.Const("\"\\ud800\""), Gen.Const("1e400"), Gen.Const("[[\"x\"]]"),
            Gen.Const("{\"type\":\"nothing\"}"), Gen.Const("{\"\\ud800\":1}"), Gen.Long.Select(number => $"{number}"), Gen.String.Select(text => JsonSerializer.Serialize(text)));
        var name = Gen.OneOf([.. new[] { "version", "max_steps", "timeout_s", "actions", "seed", "base_url", "model", "api_key", "secret", "sampling", "tools", "stream", "episode_id", "source_instance_id", "steps", "then", "compare", "odd" }.Select(Gen.Const)]);
        Gen.Select(Gen.OneOf(Gen.OneOf([.. PolicyTypes.All.Select(Gen.Const)]).Select(type => $"\"{type}\""), value), Gen.Select(name, value).List[0, 6]).Sample((type, members) =>
        {
            var policy = JsonElement.Parse($"{{\"type\":{type}{string.Concat(members.Select(member => $",\"{member.Item1}\":{member.Item2}"))}}}");
            try
            {
                PolicyTypes.All.ShouldContain(PolicyReading.Read(policy).Type);
            }
            catch (RolloutRequestException exception)
            {
                exception.Message.ShouldNotContain('\n');
                exception.Message.ShouldStartWith("policy");
            }
        });
    }
}
