namespace Acm.Tests.Shell;

internal sealed record StandInCase(string Name, string Script, string Expected);
