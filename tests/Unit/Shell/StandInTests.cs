namespace Acm.Tests.Shell;

/// <summary>The commands that AcmShell brings along do what those of PowerShell 7.6 do. What is expected was written down from these.</summary>
public sealed class StandInTests(StandInRun run) : IClassFixture<StandInRun>
{
    public static TheoryData<string> Names => [.. StandInCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stand_in_does_what_the_real_command_does(string name)
    {
        StandInCase testCase = StandInCases.All.Single(c => c.Name == name);

        string output = run.OutputOf(name);

        Assert.Equal(testCase.Expected, output);
    }
}
