using Acm.Benchmarks;

var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["engine-get"] = EngineGet.RunAsync,
    ["cmdlet-get"] = CmdletGet.RunAsync,
    ["find-and-get"] = FindAndGet.RunAsync,
    ["list-keys"] = ListKeys.RunAsync,
    ["import-module"] = ImportModule.RunAsync,
};

if (args is not [string name, ..] || (name != "all" && !benchmarks.ContainsKey(name)))
{
    Console.Error.WriteLine($"Usage: dotnet run -c Release --project benchmarks -- all|{string.Join('|', benchmarks.Keys)}");
    return 2;
}

int missed = 0;
foreach ((string key, Func<Task<IReadOnlyList<Figure>>> run) in benchmarks)
{
    if (name != "all" && name != key) continue;

    foreach (Figure figure in await run())
    {
        figure.Print();
        if (!figure.Passed) missed++;
    }
}

return missed == 0 ? 0 : 1;
