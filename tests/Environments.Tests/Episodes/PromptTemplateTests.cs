using System.Text.Json;
using SandQueue.Environments.Episodes;

namespace SandQueue.Environments.Tests.Episodes;

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
    public void Another_type_is_refused(string parameters)
    {
        Should.Throw<InvalidRequestException>(() => Read(parameters));
    }

    private static PromptTemplate Read(string parameters)
    {
        using var document = JsonDocument.Parse(parameters);
        return new EpisodeParameters(document.RootElement.Clone()).Template;
    }
}
