'use strict';

// Starts acm-step.ps1 in PowerShell 7, or on Windows without it in Windows PowerShell. Needs no npm package.
const { spawn } = require('child_process');
const path = require('path');

const script = path.join(__dirname, 'acm-step.ps1');
const shells = process.platform === 'win32' ? ['pwsh.exe', 'powershell.exe'] : ['pwsh'];

// The agent gives each input as INPUT_NAME; the script reads ACM_INPUT_NAME, the name that all fronts can use. Nothing else gets to see them. What has that name already is a variable
// of the job, and no input.
const environment = {};
for (const [name, value] of Object.entries(process.env)) {
    if (name.toUpperCase().startsWith('ACM_INPUT_')) continue;
    environment[name.toUpperCase().startsWith('INPUT_') ? 'ACM_' + name.toUpperCase() : name] = value;
}

// The agent takes an exit code other than 0 for a fault of its own, and would annotate the step once more.
function fail(message, isTold) {
    // Agents take %AZP25 back as a percent sign, unless the pipeline sets DECODE_PERCENTS to false.
    const encoded = (process.env.DECODE_PERCENTS || '').toLowerCase() === 'false' ? message : message.replace(/%/g, '%AZP25');
    const data = encoded.replace(/\r/g, '%0D').replace(/\n/g, '%0A');
    if (!isTold) console.log('##vso[task.logissue type=error]' + data);
    console.log('##vso[task.complete result=Failed;]' + data);
}

function start([shell, ...others]) {
    const policy = process.platform === 'win32' ? ['-ExecutionPolicy', 'Bypass'] : [];
    const child = spawn(shell, ['-NoProfile', '-NonInteractive', ...policy, '-File', script], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    let started = false;
    child.on('spawn', () => { started = true; });
    child.on('error', (error) => {
        if (started) return;
        if (error.code === 'ENOENT' && others.length > 0) start(others);
        else fail(error.code === 'ENOENT' ? 'PowerShell is not on this agent: ' + shells.join(', ') + '. https://aka.ms/powershell tells how to install it.' : error.message);
    });
    child.on('exit', (code, signal) => {
        if (signal) fail('PowerShell was ended by ' + signal + '.');
        else if (code !== 0) fail('The step failed; its error is above.', true);
    });
    // A job that is cancelled ends the task: the shell has to end with it.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
}

start(shells);
