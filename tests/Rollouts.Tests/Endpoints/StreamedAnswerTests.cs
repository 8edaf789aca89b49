using System.Text;
using SandQueue.Rollouts.Endpoints;

namespace SandQueue.Rollouts.Tests.Endpoints;

public sealed class StreamedAnswerTests
{
    [Fact]
    public async Task A_failure_in_the_middle_of_an_answer_is_told_without_the_key_that_it_repeats()
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes("data: {\"error\":{\"message\":\"Incorrect API key provided: sk-secret-1\"}}\n\n"));

        var failure = await Should.ThrowAsync<RepeatableFailureException>(() => StreamedAnswer.ReadAsync(body, "the endpoint", "sk-secret-1", TestContext.Current.CancellationToken));

        failure.Message.ShouldContain("Incorrect API key provided: ***");
        failure.Message.ShouldNotContain("sk-secret-1");
    }

    [Theory]
    [InlineData("sk-1", true)]
    [InlineData("", false)]
    [InlineData("sk-1\n", false)]
    [InlineData("sk 1", false)]
    [InlineData("schlüssel", false)]
    public void What_cannot_travel_in_a_header_is_no_key(string key, bool mayBe) => EndpointKeys.MayBe(key).ShouldBe(mayBe);
}
