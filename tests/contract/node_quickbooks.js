// Walks node-quickbooks, unmodified, through a company of the emulator; prints what it got as JSON.
// EMULATOR, REALM, ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET say where and as whom.
const QuickBooks = require('node-quickbooks')

const root = process.env.EMULATOR
QuickBooks.V3_ENDPOINT_BASE_URL = `${root}/v3/company/`
QuickBooks.TOKEN_URL = `${root}/oauth2/v1/tokens/bearer`
QuickBooks.REVOKE_URL = `${root}/v2/oauth2/tokens/revoke`

const books = new QuickBooks(
  process.env.CLIENT_ID, process.env.CLIENT_SECRET, process.env.ACCESS_TOKEN, false, process.env.REALM,
  true, false, 75, '2.0', process.env.REFRESH_TOKEN)

function call (method, ...given) {
  return new Promise((resolve, reject) => {
    books[method](...given, (error, body) => error ? reject(codes(error, body)) : resolve(body))
  })
}

function codes (error, body) {
  const answer = body || (error.response && error.response.data) || error
  const fault = answer.Fault || {}
  const found = (fault.Error || []).map(one => one.code)
  return found.length ? new Error(`faults ${found.join()}`) : error
}

function plural (entity) {
  return entity.endsWith('y') ? `${entity.slice(0, -1)}ies` : entity === 'Class' ? 'Classes' : `${entity}s`
}

// Create, read, change, find, count, delete: the same for every entity the client has methods for.
async function keep (entity, body, change, deletable) {
  const made = await call(`create${entity}`, body)
  const read = await call(`get${entity}`, made.Id)
  const seen = { made: made.Id, read: read.Id }
  if (change) {
    const changed = await call(`update${entity}`, Object.assign({}, read, change))
    seen.token = changed.SyncToken
  }
  const found = await call(`find${plural(entity)}`, [{ field: 'Id', value: made.Id }])
  seen.found = found.QueryResponse[entity].length
  const counted = await call(`find${plural(entity)}`, [{ field: 'Id', value: made.Id }, { count: true }])
  seen.count = counted.QueryResponse.totalCount
  if (deletable) {
    seen.deleted = (await call(`delete${entity}`, made.Id))[entity].status
  }
  return seen
}

async function refused (method, ...given) {
  try {
    await call(method, ...given)
  } catch (error) {
    return error.message
  }
  return 'accepted'
}

async function main () {
  const report = {}
  const customer = await call('createCustomer', { DisplayName: "Node & O'Hara" })
  const CustomerRef = { value: customer.Id }
  const Line = [{
    Amount: 25, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: { ItemRef: { value: '1' } }
  }]
  const note = { PrivateNote: 'changed' }
  const bank = { DepositToAccountRef: { value: '35' } }
  const table = [
    ['Customer', { DisplayName: 'Kept by node' }, { Notes: 'changed' }, false],
    ['Vendor', { DisplayName: 'Node supplies' }, { Notes: 'changed' }, false],
    ['Employee', { GivenName: 'Noe', FamilyName: 'Deo' }, { EmployeeNumber: '7' }, false],
    ['Item', { Name: 'Node', Type: 'Service', IncomeAccountRef: { value: '1' } }, { UnitPrice: 5 }, false],
    ['Account', { Name: 'Node', AccountType: 'Bank' }, { AcctNum: '1010' }, false],
    ['Term', { Name: 'Node', DueDays: 9 }, { DueDays: 8 }, false],
    ['PaymentMethod', { Name: 'Node' }, { Type: 'CREDIT_CARD' }, false],
    ['Class', { Name: 'Node' }, { Name: 'Nodes' }, false],
    ['Department', { Name: 'Node' }, { Name: 'Nodes' }, false],
    ['TaxAgency', { DisplayName: 'Node county' }, null, false],
    ['Estimate', { CustomerRef, Line }, note, true],
    ['Invoice', { CustomerRef, Line }, note, true],
    ['CreditMemo', { CustomerRef, Line }, note, true],
    ['SalesReceipt', { CustomerRef, Line }, note, true],
    ['RefundReceipt', { CustomerRef, Line, ...bank }, note, true],
    ['Payment', { CustomerRef, TotalAmt: 25 }, note, true],
    ['Bill', { VendorRef: { value: '1' }, Line }, note, true],
    ['BillPayment', { VendorRef: { value: '1' }, TotalAmt: 5 }, note, true],
    ['JournalEntry', { Line }, note, true],
    ['Purchase', { PaymentType: 'Cash', Line }, note, true],
    ['PurchaseOrder', { VendorRef: { value: '1' }, Line }, note, true],
    ['TimeActivity', { NameOf: 'Employee', Hours: 2 }, { Hours: 3 }, true],
    ['Transfer', { Amount: 5 }, note, true],
    ['VendorCredit', { VendorRef: { value: '1' }, Line }, note, true],
    ['Deposit', { ...bank, Line: [{ Amount: 5, DepositLineDetail: { AccountRef: { value: '1' } } }] }, note, true]
  ]
  report.kept = {}
  for (const [entity, body, change, deletable] of table) {
    report.kept[entity] = await keep(entity, body, change, deletable)
  }
  const invoice = await call('createInvoice', { CustomerRef, Line })
  report.voided = (await call('voidInvoice', invoice.Id)).Invoice.PrivateNote
  const payment = await call('createPayment', { CustomerRef, TotalAmt: 5 })
  report.voidedPayment = (await call('voidPayment', payment)).TotalAmt
  const sent = await call('createInvoice', { CustomerRef, Line })
  report.sent = (await call('sendInvoicePdf', sent.Id, 'someone@example.com')).EmailStatus
  report.company = (await call('getCompanyInfo', process.env.REALM)).CompanyName
  report.preferences = 'SalesFormsPrefs' in (await call('getPreferences'))
  report.taxCodes = (await call('findTaxCodes')).QueryResponse.TaxCode.length
  const quoted = await call('findCustomers', [{ field: 'DisplayName', value: "Node & O'Hara" }])
  report.quoted = quoted.QueryResponse.Customer[0].Id === customer.Id
  const items = Array.from({ length: 30 }, (_, number) => ({
    bId: `b${number}`, operation: 'create', Customer: { DisplayName: `Batch ${number}` }
  }))
  report.batch = (await call('batch', items)).BatchItemResponse.filter(one => one.Customer).length
  report.tooMany = await refused('batch', items.concat([{ bId: 'x', Query: 'select * from Item' }]))
  const all = await call('findCustomers', { fetchAll: true, limit: 10 })
  report.fetchedAll = all.QueryResponse.Customer.length
  const changes = await call('changeDataCapture', ['Customer', 'Payment'], new Date(Date.now() - 3600e3))
  report.changed = changes.CDCResponse[0].QueryResponse.map(part => Object.keys(part)[0])
  report.duplicate = await refused('createCustomer', { DisplayName: "Node & O'Hara" })
  report.missing = await refused('getInvoice', '999999')
  report.stale = await refused('updateCustomer', { Id: customer.Id, SyncToken: '7', sparse: true, Notes: 'x' })
  report.unsupported = await refused('updateTaxAgency', { Id: '1', SyncToken: '0', DisplayName: 'x' })
  await call('refreshAccessToken')
  report.refreshed = (await call('getCustomer', customer.Id)).Id === customer.Id
  console.log(JSON.stringify(report))
}

main().catch(error => { console.error(error); process.exit(1) })
