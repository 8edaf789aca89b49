using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Tests.Episodes;

public sealed class PromptTemplateTests
{
    private static readonly Dictionary<string, string> Slots = new() { ["tools"] = "T", ["question"] = "Q" };

    [Fact]
    public void The_environments_own_wording_is_the_default()
    {
        Read("{}").Fill("use {{tools}}", "{{ question }}?", Slots).ShouldBe(("use T", "Q?"));
    }

    [Fact]
    public void A_string_replaces_the_system_message_only()
    {
        Read("""{"prompt_template":"mine: {{tools}}{{question}}"}""").Fill("use {{tools}}", "{{question}}", Slots).ShouldBe(("mine: TQ", "Q"));
    }

    [Fact]
    public void An_object_replaces_what_it_names()
    {
        Read("""{"prompt_template":{"user":"answer {{question}}"}}""").Fill("s", "u", Slots).ShouldBe(("s", "answer Q"));
    }

    [Fact]
    public void An_unknown_slot_names_the_known_ones()
    {
        Should.Throw<InvalidRequestException>(() => Read("""{"prompt_template":"{{nope}}"}""").Fill("s", "u", Slots))
            .Message.ShouldBe("params.prompt_template has the slot {{nope}}; this environment fills {{question}}, {{tools}}");
    }

    [Theory]
    [InlineData("""{"prompt_template":7}""")]
    [InlineData("""{"prompt_template":{"system":7}}""")]
    [InlineData("""{"prompt_template":{"sys":"x"}}""")]
    public void Another_type_is_refused(string parameters)
    {
        Should.Throw<InvalidRequestException>(() => Read(parameters));
    }

    [Theory]
    [InlineData("123456", "7890", null)]
    [InlineData("1234567", "8901", 10)]
    [InlineData("{{tools}}{{tools}}12345678", "", null)]
    [InlineData("12345678", "{{tools}}{{tools}}{{tools}}", 10)]
    [InlineData("ééééé", "", null)]
    [InlineData("ééééé", "x", 10)]
    public void Both_messages_together_have_a_limit_in_bytes(string system, string user, int? exceeded)
    {
        var template = new PromptTemplate(system, user) { Longest = 10 };
        if (exceeded is null) template.Fill("", "", Slots);
        else Should.Throw<InvalidRequestException>(() => template.Fill("", "", Slots)).Message.ShouldContain($"longer than {exceeded} bytes");
    }

    [Fact]
    public void The_environments_own_wording_has_none()
    {
        new PromptTemplate(null, null) { Longest = 1 }.Fill("long enough", "{{tools}}", Slots).ShouldBe(("long enough", "T"));
    }

    [Fact]
    public void An_unknown_slot_is_named_in_a_line()
    {
        var message = Should.Throw<InvalidRequestException>(() => new PromptTemplate("{{a\nb" + new string('x', 100_000) + "}}", null).Fill("", "", Slots)).Message;
        message.ShouldStartWith("params.prompt_template has the slot {{a\uFFFDbxx");
        message.Length.ShouldBeLessThan(200);
    }

    private static PromptTemplate Read(string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        return new EpisodeParameters(document.RootElement.Clone()).Template;
    }
}
