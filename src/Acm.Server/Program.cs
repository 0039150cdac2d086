using Acm.Server.Commands;

return await CommandLine.RunAsync(
    args,
    Environment.GetEnvironmentVariables(),
    Environment.CurrentDirectory,
    Console.OpenStandardInput,
    Console.Out,
    Console.Error);
