using System.Text;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Tests.Pools;

public sealed class EnvironmentTraitsTests
{
    [Theory]
    [InlineData("""{"replayable":"yes","evaluate_changes_state":true}""", true, true)]
    [InlineData("""{"replayable":"yes"}""", true, false)]
    [InlineData("""{"replayable":"no"}""", false, false)]
    [InlineData("""{"replayable":"unknown"}""", false, false)]
    [InlineData("{}", false, false)]
    [InlineData("""{"replayable":true}""", false, false)]
    [InlineData("""{"replayable":null,"evaluate_changes_state":"true"}""", false, false)]
    public void What_is_not_said_counts_as_no(string description, bool replayable, bool evaluateChangesState)
    {
        EnvironmentTraits.Read(Encoding.UTF8.GetBytes(description)).ShouldBe(new EnvironmentTraits(replayable, evaluateChangesState, CanonicalForm.Exact));
    }

    [Fact]
    public void A_canonical_form_is_known_by_name_and_version()
    {
        EnvironmentTraits.Read("""{"canonical_form":"python/1"}"""u8.ToArray()).Canonical.ShouldBe(CanonicalForm.Python);
        Should.Throw<ContainerException>(() => EnvironmentTraits.Read("""{"canonical_form":"python/99"}"""u8.ToArray())).Message.ShouldContain("python/99");
    }
}
